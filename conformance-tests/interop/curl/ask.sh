#!/bin/sh
# What a page costs, who signs that, and what a wrong answer gets: no wallet needed.
#
#   ask.sh http://127.0.0.1:8402/spec/money.md
set -eu
url=$1
origin=$(printf %s "$url" | sed -E 's#^(https?://[^/]+).*#\1#')
show() { curl -sS -o /dev/null -D - "$@" | tr -d '\r' | grep -iE '^(HTTP/|www-authenticate|cache-control|payment-|retry-after)' | cut -c1-160; }

echo "== unpaid: 402 with a challenge, not to be cached"
show "$url"

echo "== a credential nobody can read: 402, and a fresh challenge"
show -H 'Authorization: Payment %%%' "$url"

echo "== a good form around a made-up challenge: 402, and a fresh challenge"
made_up='{"challenge":{"id":"AAAA","intent":"charge","method":"wallet","realm":"nowhere","request":"e30"},"payload":{}}'
show -H "Authorization: Payment $(printf %s "$made_up" | base64 | tr -d '\n=' | tr '/+' '_-')" "$url"

echo "== two credentials: 400, and nothing is charged"
show -H 'Authorization: Payment e30' -H 'Authorization: Payment e30' "$url"

echo "== who signs here"
curl -sS "$origin/.well-known/payment-keys"
echo
