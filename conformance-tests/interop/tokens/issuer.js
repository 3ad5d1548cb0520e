// An issuer of Privacy Pass tokens (RFC 9578, type 2) made with @cloudflare/privacypass-ts. It gives its tokens away.
//
//   node tokens/issuer.js [--port 8407]

import { createServer } from 'node:http'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { MediaType, PRIVATE_TOKEN_ISSUER_DIRECTORY, TOKEN_TYPES, publicVerif } from '@cloudflare/privacypass-ts'

const { BlindRSAMode, Issuer, TokenRequest, getPublicKeyBytes } = publicVerif
const RSA = { modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }
const DAY = 24 * 60 * 60

/** Opens it on loopback. `close()` closes it, `issued()` says how many tokens it gave. */
export async function openIssuer({ port = 0, currency = 'usd.e6', value = '1000' } = {}) {
  const server = createServer()
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
  const name = `127.0.0.1:${server.address().port}`
  const keys = await Issuer.generateKey(BlindRSAMode.PSS, RSA)
  const issuer = new Issuer(BlindRSAMode.PSS, name, keys.privateKey, keys.publicKey)
  const tokenKey = await getPublicKeyBytes(keys.publicKey)
  const directory = JSON.stringify(describe(`http://${name}`, tokenKey, currency, value))
  let issued = 0

  async function issue(request, response) {
    if (request.headers['content-type'] !== MediaType.PRIVATE_TOKEN_REQUEST) return response.writeHead(415).end()
    const asked = TokenRequest.deserialize(TOKEN_TYPES.BLIND_RSA, await body(request))
    if (asked.truncatedTokenKeyId !== (await issuer.tokenKeyID()).at(-1)) return response.writeHead(422).end()
    const signed = (await issuer.issue(asked)).serialize()
    issued++
    response.writeHead(200, { 'content-type': MediaType.PRIVATE_TOKEN_RESPONSE, 'cache-control': 'no-store' }).end(signed)
  }

  server.on('request', (request, response) => {
    if (request.url === PRIVATE_TOKEN_ISSUER_DIRECTORY) {
      const type = MediaType.PRIVATE_TOKEN_ISSUER_DIRECTORY
      response.writeHead(200, { 'content-type': type, 'cache-control': 'public, max-age=86400' }).end(directory)
    } else if (request.method === 'POST' && request.url === '/token-request') {
      issue(request, response).catch(() => response.writeHead(422).end())
    } else {
      response.writeHead(404).end()
    }
  })
  return { origin: `http://${name}`, tokenKey, issued: () => issued, close: () => server.close() }
}

/**
 * The directory of RFC 9578, and what Farthing's clients want to know besides, which others ignore: what a token is worth and for
 * how long. This issuer has no route but that of RFC 9578; the others that are named answer 404.
 */
function describe(origin, tokenKey, currency, value) {
  const now = Math.floor(Date.now() / 1000)
  const key = {
    'token-type': TOKEN_TYPES.BLIND_RSA.value,
    'token-key': padded(tokenKey),
    'not-before': now - DAY,
    value,
    currency,
    'not-after': now + 30 * DAY,
    'spend-until': now + 60 * DAY,
    'redeem-until': now + 67 * DAY,
    'swap-until': now + 90 * DAY,
  }
  const other = ['purchase', 'swap', 'restore', 'redemption', 'refund'].map((route) => [`${route}-uri`, `${origin}/${route}`])
  return {
    'issuer-request-uri': `${origin}/token-request`,
    'token-keys': [key],
    issuer: origin,
    bundles: [],
    ...Object.fromEntries(other),
  }
}

/** Unlike elsewhere in this protocol, RFC 9578 wants base64url with its padding. */
const padded = (bytes) => Buffer.from(bytes).toString('base64').replaceAll('+', '-').replaceAll('/', '_')

async function body(request) {
  const parts = []
  for await (const part of request) parts.push(part)
  return new Uint8Array(Buffer.concat(parts))
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '8407' } } })
  const { origin } = await openIssuer({ port: Number(values.port) })
  console.log(`ready ${origin}/`)
}
