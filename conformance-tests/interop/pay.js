// Pays for one request with mppx and prints the answer:
//
//   node pay.js --purse FOLDER [--service ORIGIN] [--max 10000] URL

import { parseArgs } from 'node:util'
import { Receipt } from 'mppx'
import { Mppx } from 'mppx/client'
import { keyFromPurse } from './wallet/keys.js'
import { watchOffers } from './wallet/offers.js'
import { payByOrder, payByReceipt } from './wallet/payer.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { purse: { type: 'string' }, service: { type: 'string' }, max: { type: 'string', default: '10000' } },
})
if (!values.purse || positionals.length !== 1) {
  console.error('Usage: node pay.js --purse FOLDER [--service ORIGIN] [--max 10000] URL')
  process.exit(2)
}

const offers = watchOffers()
const options = { ...values, key: (origin) => keyFromPurse(values.purse, origin), offers, currency: 'usd.e6' }
const mppx = Mppx.create({
  methods: [values.service ? payByReceipt(options) : payByOrder(options)],
  fetch: offers.fetch,
  polyfill: false,
  // mppx pays a second and a third time when it gets another 402. Once is enough.
  maxPaymentRetries: 1,
})

const answer = await mppx.fetch(positionals[0])
if (answer.headers.has('payment-receipt')) console.error('receipt', Receipt.fromResponse(answer))
console.log(await answer.text())
process.exit(answer.ok ? 0 : 1)
