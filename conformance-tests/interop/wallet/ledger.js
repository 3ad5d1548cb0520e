// Wallets in memory, for play: who may sign for which wallet, what is in it, and which challenges are used up.

import { randomBytes } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose'
import { Errors } from 'mppx'
import { verifyWalletRequest, walletId } from './keys.js'
import { base64url, canonical, timestamp } from './text.js'

export function playLedger({ gift = 1_000_000n, currencies = ['usd.e6'] } = {}) {
  const wallets = new Map()
  const used = new Set()

  /** The money and the challenge in one step: no `await` in here, so of many at once one gets through. */
  function take(wallet, { id, request }) {
    if (used.has(id)) throw new Errors.InvalidChallengeError({ id, reason: 'it was paid before' })
    const amount = BigInt(request.amount)
    const has = wallets.get(wallet).accounts.get(request.currency) ?? 0n
    if (has < amount) throw new Errors.PaymentInsufficientError({ reason: 'the wallet has too little' })
    used.add(id)
    wallets.get(wallet).accounts.set(request.currency, has - amount)
    return `play_${base64url(randomBytes(12))}`
  }

  async function register(request, url, body) {
    const { jwk } = JSON.parse(body)
    const kid = await calculateJwkThumbprint(jwk)
    const id = walletId(kid)
    const claims = await verifyWalletRequest(bearer(request), [{ ...jwk, kid }], 'POST', url, body)
    if (claims.iss !== id) throw new Error('a key opens its own wallet only')
    const known = wallets.has(id)
    if (!known) wallets.set(id, { keys: [{ ...jwk, kid }], accounts: new Map(currencies.map((c) => [c, gift])), created: timestamp() })
    return json(known ? 200 : 201, show(id))
  }

  function show(id) {
    const { keys, accounts, created } = wallets.get(id)
    return {
      accounts: [...accounts].map(([currency, available]) => ({ available: String(available), currency, held: '0' })),
      created,
      keys: keys.map((key) => key.kid),
      status: 'ACTIVE',
      wallet: id,
    }
  }

  /** Answers `POST /v1/wallets` and `GET /v1/wallets/{id}`; anybody else's request is the same 401 (F-WR-6). */
  async function routes(request) {
    const body = await request.text()
    const id = new URL(request.url).pathname.split('/')[3]
    try {
      if (request.method === 'POST' && id === undefined) return await register(request, request.url, body)
      await verifyWalletRequest(bearer(request), wallets.get(id).keys, request.method, request.url, body)
      return json(200, show(id))
    } catch {
      return json(401, { code: 'UNAUTHENTICATED', status: 401, title: 'Unauthenticated', type: 'about:blank' })
    }
  }

  return { routes, take, keysOf: (wallet) => wallets.get(wallet)?.keys ?? [] }
}

const bearer = (request) => request.headers.get('authorization')?.replace(/^Bearer /, '')

const json = (status, content) =>
  new Response(canonical(content), { status, headers: { 'cache-control': 'no-store', 'content-type': 'application/json' } })
