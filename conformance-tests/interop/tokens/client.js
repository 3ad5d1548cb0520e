// A client of Privacy Pass (RFC 9577, RFC 9578): @cloudflare/privacypass-ts as it is, which knows nothing of payments. What it
// fetches is paid for by whichever fetch it is given, so an issuer that sells its tokens looks to it like one that does not.

import { WWWAuthenticateHeader, fetchToken, publicVerif } from '@cloudflare/privacypass-ts'

const { BlindRSAMode, Client, Origin } = publicVerif

/** The challenges of scheme PrivateToken in an answer, beside whichever others. */
export const privateTokenChallenges = (answer) => WWWAuthenticateHeader.parse(answer.headers.get('www-authenticate') ?? '')

/**
 * A token for a challenge, from its issuer.
 *
 * @param challenge one of privateTokenChallenges
 * @param fetch what pays the issuer, if it asks for that; it must not look up the global one itself, which it replaces meanwhile
 * @returns the value for Authorization
 */
export async function obtainToken(challenge, fetch = globalThis.fetch) {
  return (await borrowing(onLoopback(fetch), () => fetchToken(new Client(BlindRSAMode.PSS), challenge))).toString()
}

/** Whether a token is good for a challenge, as an origin that takes such tokens checks it. */
export async function verifyToken(token, challenge, tokenKey) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', challenge.serialize()))
  const same = Buffer.compare(digest, token.authInput.challengeDigest) === 0
  return same && new Origin(BlindRSAMode.PSS, challenge.originInfo).verify(token, await publicKey(tokenKey))
}

/** Web cryptography imports no key of RSASSA-PSS; as a key of RSA it takes the same one. */
async function publicKey(tokenKey) {
  const { util } = await import('@cloudflare/privacypass-ts')
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-384' }
  return crypto.subtle.importKey('spki', util.convertRSASSAPSSToEnc(tokenKey), algorithm, true, ['verify'])
}

/** The package always asks https://ISSUER. An issuer on loopback has no certificate. */
const onLoopback = (fetch) => (input, init) =>
  fetch(typeof input === 'string' ? input.replace(/^https:\/\/(127\.0\.0\.1:\d+)/, 'http://$1') : input, init)

/** The package asks the global fetch. */
async function borrowing(fetch, work) {
  const own = globalThis.fetch
  globalThis.fetch = fetch
  try {
    return await work()
  } finally {
    globalThis.fetch = own
  }
}
