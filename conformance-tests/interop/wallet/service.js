// The few routes of a ledger that a payer needs (wallets.md, wallet-service.md).

import { walletRequest } from './keys.js'
import { canonical } from './text.js'

/** Opens the wallet of this key at a ledger; opening it twice is opening it once. */
export const openWallet = (ledger, key) => ask(ledger, key, 'POST', '/v1/wallets', { jwk: key.publicJwk })

/** What is in it. */
export const readWallet = (ledger, key) => ask(ledger, key, 'GET', `/v1/wallets/${key.wallet}`)

/** Takes a signed challenge and an order to a wallet service; it holds the money and signs a receipt token. */
export const submitPayment = (service, key, submission) => ask(service, key, 'POST', '/v1/payments', submission)

async function ask(origin, key, method, path, content) {
  const body = content === undefined ? '' : canonical(content)
  const url = `${origin}${path}`
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${await walletRequest(key, key.wallet, method, url, body)}`, 'content-type': 'application/json' },
    ...(body && { body }),
  })
  const said = await answer.json()
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${said.code}`)
  return said
}
