#!/bin/sh
# Pays for a page with nothing but curl and openssl: the whole handshake, step by step, to read and to try things with.
#
#   pay.sh KEYFILE URL          KEYFILE: the wallet's private key, an Ed25519 JWK
#
# It trusts the server: a real payer also checks who signed the price (wallet/offers.js does).
set -eu
key=$1
url=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

base64url() { openssl base64 -A | tr '/+' '_-' | tr -d '='; }
unbase64url() {
  text=$(tr '_-' '/+')
  case $((${#text} % 4)) in 2) text=$text== ;; 3) text=$text= ;; esac
  printf %s "$text" | openssl base64 -d -A
}
member() { sed -E "s/.*\"$1\" *: *\"([^\"]*)\".*/\1/"; }

# 1. Ask.
curl -sS -o "$work/unpaid" -D "$work/head" "$url"
offer=$(tr -d '\r' < "$work/head" | sed -nE 's/^www-authenticate: Payment (.*)/\1/Ip' | head -n 1)
[ -n "$offer" ] || { echo "Nothing to pay for:" >&2; cat "$work/head" >&2; exit 1; }
parameter() { printf %s "$offer" | sed -nE "s/^(.*, *)?$1=\"([^\"]*)\".*/\2/p"; }

# 2. Write the challenge down: its parameters in alphabetical order. That is what is signed, and what is sent back.
challenge={
for name in digest expires header id intent method opaque realm request; do
  value=$(parameter "$name")
  [ -z "$value" ] || challenge="$challenge\"$name\":\"$value\","
done
challenge=${challenge%,}\}

# 3. Who is asked for how much, and whose wallet pays: its id follows from its key.
request=$(parameter request | unbase64url)
amount=$(printf %s "$request" | member amount)
payee=$(printf %s "$request" | member recipient)
x=$(member x < "$key")
thumbprint=$(printf '{"crv":"Ed25519","kty":"OKP","x":"%s"}' "$x" | openssl dgst -sha256 -binary | base64url)
wallet=w_$(printf '{"crv":"Ed25519","kty":"OKP","x":"%s"}' "$x" | openssl dgst -sha256 -binary | head -c 16 | base64url)

# 4. Sign: this payee may take exactly this much from this wallet for this challenge.
{ printf '\060\056\002\001\000\060\005\006\003\053\145\160\004\042\004\040'; member d < "$key" | unbase64url; } > "$work/key.der"
order=$(printf '{"challenge":%s,"ledger":"%s","maxAmount":"%s","wallet":"%s"}' "$challenge" "$payee" "$amount" "$wallet" | base64url)
header=$(printf '{"alg":"EdDSA","kid":"%s","typ":"payment-order+jws"}' "$thumbprint" | base64url)
printf %s "$header.$order" > "$work/text"
signature=$(openssl pkeyutl -sign -rawin -keyform DER -inkey "$work/key.der" -in "$work/text" | base64url)

# 5. Ask again, with the order.
payload=$(printf '{"jws":"%s..%s","type":"order","wallet":"%s"}' "$header" "$signature" "$wallet")
credential=$(printf '{"challenge":%s,"payload":%s}' "$challenge" "$payload" | base64url)
field=$(parameter header)
curl -sS --fail-with-body -i -H "${field:-Authorization}: Payment $credential" "$url"
