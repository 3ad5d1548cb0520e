// A server that sells with mppx. With `signed` its offers are signed and bound to one request, as Farthing's payers demand;
// without, they are what mppx makes by itself.
//
//   node shop.js [--plain] [--port 8406]

import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { Expires, Mppx, Request as Requests } from 'mppx/server'
import { newKey } from './wallet/keys.js'
import { playLedger } from './wallet/ledger.js'
import { bindTo, keyDocument, signOffers, takeOrders } from './wallet/payee.js'

const CURRENCIES = ['usd.e6', 'eur.e6']

/** Opens it on loopback. `close()` closes it, `served()` says how often the application ran. */
export async function openShop({ signed, port = 0 }) {
  const server = createServer()
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${server.address().port}`
  const key = await newKey()
  const ledger = playLedger({ currencies: CURRENCIES, gift: 100_000_000n })
  const options = { methods: [takeOrders({ origin, ledger, key })], realm: new URL(origin).host, secretKey: base64(32) }
  const usual = Mppx.create(options)
  const besideLogin = Mppx.create({ ...options, requiresAuth: true })
  const runs = new Map()
  const served = () => [...runs.values()].reduce((sum, one) => sum + one, 0)

  const terms = (request, amount, more) => ({
    amount,
    currency: CURRENCIES[0],
    methodDetails: { capture: 'exact' },
    recipient: origin,
    ...(signed && { meta: bindTo(request) }),
    ...more,
  })

  /** A page behind a payment: asks mppx first, and runs the application when it was paid. */
  const paid = (pay, application = content) => async (request) => {
    const result = await pay(request)(request)
    if (result.status === 402) return signed ? signOffers(result.challenge, key) : result.challenge
    const { pathname } = new URL(request.url)
    runs.set(pathname, (runs.get(pathname) ?? 0) + 1)
    return result.withReceipt(await application(request))
  }

  const content = (request) => Response.json({ page: new URL(request.url).pathname, served: String(served()) })
  const usually = (request) => usual.charge(terms(request, '1000', { description: 'one page' }))

  const pages = {
    '/.well-known/payment-keys': () => Response.json(keyDocument(origin, key), { headers: { 'cache-control': 'public, max-age=3600' } }),
    '/free': content,
    '/counter': () => new Response(String(runs.get('/paid') ?? 0)),
    '/counter-post': () => new Response(String(runs.get('/paid-post') ?? 0)),
    '/paid': paid(usually),
    '/twin': paid(usually),
    '/paid-post': paid(usually),
    '/dear': paid((request) => usual.charge(terms(request, '100000'))),
    '/unaffordable': paid((request) => usual.charge(terms(request, '900000000'))),
    '/missing': paid(usually, () => new Response('not found', { status: 404 })),
    '/failing': paid(usually, () => new Response('failed', { status: 500 })),
    '/denied': paid(usually, () => new Response('denied', { status: 403 })),
    '/short': paid((request) => usual.charge(terms(request, '1000', { expires: Expires.seconds(2) }))),
    '/large': paid(usually, () => new Response('0123456789'.repeat(30_000))),
    '/slow': paid(usually, (request) => new Promise((resolve) => setTimeout(() => resolve(content(request)), 300))),
    '/own-authorization': paid((request) => besideLogin.charge(terms(request, '1000'))),
    '/several': paid((request) =>
      usual.compose(...CURRENCIES.map((currency) => ['wallet/charge', terms(request, '1000', { currency })])),
    ),
  }

  server.on(
    'request',
    Requests.toNodeListener((request) => {
      const { pathname } = new URL(request.url)
      if (pathname.startsWith('/v1/wallets')) return ledger.routes(request)
      return pages[pathname]?.(request) ?? new Response('not found', { status: 404 })
    }),
  )
  return { origin, served, close: () => server.close() }
}

const base64 = (bytes) => randomBytes(bytes).toString('base64')

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { plain: { type: 'boolean' }, port: { type: 'string', default: '8406' } } })
  const { origin } = await openShop({ signed: !values.plain, port: Number(values.port) })
  console.log(`ready ${origin}/`)
}
