// The page is whole without this: it adds a search, buttons to unfold and to copy, and unfolds what a link leads to.
"use strict";

const searched = [...document.querySelectorAll(".searched")];

function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

function search(words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  for (const part of searched) {
    const text = part.textContent.toLowerCase();
    part.hidden = !wanted.every(word => text.includes(word));
  }
  for (const part of document.querySelectorAll("main > section, main table")) {
    const own = [...part.querySelectorAll(".searched")];
    part.hidden = own.length > 0 && own.every(one => one.hidden);
  }
}

function unfold() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let part = target; part; part = part.parentElement) {
    part.hidden = false;
    if (part.tagName === "DETAILS") {
      part.open = true;
    }
  }
  if (target) {
    target.scrollIntoView();
  }
}

function addTools() {
  const tools = make("div", { className: "tools" });
  const box = make("input", { type: "search", placeholder: "Search: S3, replay, Cache-Control …" });
  box.setAttribute("aria-label", "Search the results");
  box.addEventListener("input", () => search(box.value));
  const button = make("button", { type: "button", textContent: "Unfold the evidence" });
  button.addEventListener("click", () => {
    const folded = [...document.querySelectorAll("details.evidence")];
    const open = folded.some(one => !one.open);
    folded.forEach(one => { one.open = open; });
    button.textContent = open ? "Fold the evidence" : "Unfold the evidence";
  });
  tools.append(box);
  if (document.querySelector("details.evidence")) {
    tools.append(button);
  }
  document.querySelector(".filter").after(tools);
}

function addCopying() {
  if (!navigator.clipboard) {
    return;
  }
  for (const pre of document.querySelectorAll(".curl pre")) {
    const button = make("button", { type: "button", textContent: "Copy" });
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(pre.textContent);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    pre.after(button);
  }
}

addTools();
addCopying();
addEventListener("hashchange", unfold);
unfold();
