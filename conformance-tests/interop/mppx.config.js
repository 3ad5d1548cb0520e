// Lets the command `mppx` pay with a Farthing purse:
//
//   FARTHING_PURSE=FOLDER npx mppx -c mppx.config.js http://127.0.0.1:8402/spec/money.md
//
// FARTHING_SERVICE=ORIGIN pays by way of a wallet service, FARTHING_MAX is the most in millionths of a dollar.

import { keyFromPurse } from './wallet/keys.js'
import { watchOffers } from './wallet/offers.js'
import { payByOrder, payByReceipt } from './wallet/payer.js'

const { FARTHING_PURSE: purse, FARTHING_SERVICE: service, FARTHING_MAX: max = '10000' } = process.env
if (!purse) throw new Error('Set FARTHING_PURSE to the folder of a purse.')

const offers = watchOffers()
globalThis.fetch = offers.fetch

const options = { key: (origin) => keyFromPurse(purse, origin), offers, max, currency: 'usd.e6', service }

export default { methods: [service ? payByReceipt(options) : payByOrder(options)], plugins: [] }
