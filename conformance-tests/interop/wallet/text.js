// How Farthing writes things down: base64url without padding, and canonical JSON (RFC 8785).

import { createHash } from 'node:crypto'

export const base64url = (bytes) => Buffer.from(bytes).toString('base64url')

export const sha256 = (text) => createHash('sha256').update(text).digest()

/** Members sorted, no spaces. What Farthing signs holds texts, objects, arrays and small integers, so JSON.stringify does the rest. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)
  return `{${members.join(',')}}`
}

export const now = () => Math.floor(Date.now() / 1000)

/** RFC 3339 in whole seconds. */
export const timestamp = (date = new Date()) => date.toISOString().replace(/\.\d+Z$/, 'Z')

/** What ties a challenge to one request (binding.md, F-BI-26). */
export function requestBinding(method, url) {
  const { origin, pathname, search } = new URL(url)
  return base64url(sha256([method, origin, pathname, search || '?'].join('\n')))
}

/** The text a challenge's signature and every order for it are about (signatures.md, F-SG-21). */
export function challengePayload(challenge, request) {
  const { id, realm, method, intent, expires, digest, opaque, header } = challenge
  return { id, realm, method, intent, request, expires, digest, opaque, header }
}
