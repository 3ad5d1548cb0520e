// The payment method "wallet" in mppx's terms: what is asked for, and what is sent. One method, two kinds of payload.

import { Method, z } from 'mppx'

const order = z.object({ type: z.literal('order'), wallet: z.string(), jws: z.string() })
const receipt = z.object({ type: z.literal('receipt'), receipt: z.string() })

export const charge = Method.from({
  name: 'wallet',
  intent: 'charge',
  schema: {
    credential: { payload: z.union([order, receipt]) },
    request: z.looseObject({
      amount: z.string(),
      currency: z.string(),
      recipient: z.string(),
      methodDetails: z.looseObject({ capture: z.string() }),
    }),
  },
})

/** The text an order signs: "this ledger may take at most this from this wallet for this challenge" (wallet-order.md). */
export const orderContent = (payload, ledger, maxAmount, wallet) => ({ challenge: payload, ledger, maxAmount, wallet })
