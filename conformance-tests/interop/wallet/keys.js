// Keys and signatures: Ed25519, in detached JWS with a `typ` of its own for each kind of document (signatures.md).

import { createPrivateKey, createPublicKey, hkdfSync, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { CompactSign, calculateJwkThumbprint, compactVerify, importJWK } from 'jose'
import { base64url, canonical, now, sha256 } from './text.js'

/** A private key from its 32-byte seed. */
export function keyFromSeed(seed) {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  return keyFromJwk(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' }))
}

/** A private key from a JWK. `kid` is the thumbprint unless the JWK names one. */
export async function keyFromJwk(jwk) {
  const { crv, kty, x } = createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'jwk' })
  const publicJwk = { crv, kty, x }
  const thumbprint = await calculateJwkThumbprint(publicJwk)
  const kid = jwk.kid ?? thumbprint
  return { kid, thumbprint, publicJwk, wallet: walletId(thumbprint), secret: await importJWK({ ...jwk, alg: 'EdDSA' }, 'EdDSA') }
}

export const newKey = () => keyFromSeed(randomBytes(32))

/** The id of the wallet that this key opens: 16 bytes of the thumbprint (wallets.md, F-WA-1). */
export const walletId = (thumbprint) => `w_${base64url(Buffer.from(thumbprint, 'base64url').subarray(0, 16))}`

/** The key that a Farthing purse has for the ledger at an origin (wallets.md, F-WA-10). */
export function keyFromPurse(folder, ledger) {
  const { seed } = JSON.parse(readFileSync(`${folder}/purse.json`, 'utf8'))
  const bytes = hkdfSync('sha256', Buffer.from(seed, 'base64url'), Buffer.alloc(0), `farthing-wallet-v1|${ledger}`, 32)
  return keyFromSeed(Buffer.from(bytes))
}

async function sign(key, typ, payload) {
  return new CompactSign(Buffer.from(payload)).setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ }).sign(key.secret)
}

/** A signature whose payload does not travel: both sides write it down by themselves. */
export async function signDetached(key, typ, content) {
  const [header, , signature] = (await sign(key, typ, canonical(content))).split('.')
  return `${header}..${signature}`
}

/** Throws unless `jws` is a signature of this kind over this content by one of these keys. */
export async function verifyDetached(jws, typ, content, jwks) {
  const [header, middle, signature] = String(jws).split('.')
  if (middle !== '') throw new Error('not a detached signature')
  await verify(`${header}.${base64url(canonical(content))}.${signature}`, typ, jwks)
}

async function verify(jws, typ, jwks) {
  const header = JSON.parse(Buffer.from(jws.split('.')[0], 'base64url'))
  if (header.typ !== typ) throw new Error(`a signature of type ${header.typ} where ${typ} was expected`)
  const jwk = jwks.find((one) => one.kid === header.kid)
  if (!jwk) throw new Error('signed with a key that nobody vouches for')
  const { payload } = await compactVerify(jws, await importJWK({ ...jwk, alg: 'EdDSA' }, 'EdDSA'), { algorithms: ['EdDSA'] })
  return Buffer.from(payload).toString()
}

/** Proves to a ledger, for one request, who is asking (wallet-request.md). */
export async function walletRequest(key, issuer, method, url, body) {
  const claims = {
    aud: new URL(url).origin,
    bh: base64url(sha256(body)),
    exp: now() + 60,
    htm: method,
    htu: url,
    iat: now(),
    iss: issuer,
    jti: base64url(randomBytes(16)),
  }
  return sign(key, 'wallet-request+jwt', canonical(claims))
}

/** The other side of it: the claims, if the token is good for this request. A ledger must also remember `jti`. */
export async function verifyWalletRequest(token, jwks, method, url, body) {
  const claims = JSON.parse(await verify(token, 'wallet-request+jwt', jwks))
  const good =
    claims.aud === new URL(url).origin &&
    claims.htm === method &&
    claims.htu === url &&
    claims.bh === base64url(sha256(body)) &&
    claims.iat - 30 <= now() &&
    now() < claims.exp + 30 &&
    claims.exp - claims.iat <= 60
  if (!good) throw new Error('a token for another request')
  return claims
}

/** The keys an origin publishes now and that may sign documents of this role (keys.md). */
export async function publishedKeys(origin, role, fetch = globalThis.fetch) {
  const answer = await fetch(`${origin}/.well-known/payment-keys`, { redirect: 'error' })
  if (answer.status !== 200) throw new Error(`${origin} publishes no keys`)
  const document = await answer.json()
  const usable = (key) =>
    (key.roles ?? ['challenge', 'receipt', 'release']).includes(role) &&
    (key.nbf ?? 0) <= now() &&
    now() < (key.exp ?? Infinity) &&
    !(key.revoked <= now())
  return { ...document, keys: document.keys.filter(usable) }
}
