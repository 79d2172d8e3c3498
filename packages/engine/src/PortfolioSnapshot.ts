/**
 * A portfolio as plain JSON, for the journal: what its fills came to, so that they need not be kept.
 *
 * Guarantees: `read` of what `write` gave are the same books to the last digit; anything else is refused as a whole.
 */
import { Amount, Instrument } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Books from "./Books.ts"

const Sums = Schema.Record(Schema.String, Amount.Amount)

const Account = Schema.Struct({
  venue: Schema.String,
  /** Whole: it may not be listed any more. */
  instrument: Instrument.Instrument,
  size: Amount.Amount,
  cash: Amount.Amount,
  entryWorth: Amount.Amount,
  turnover: Amount.Amount,
  fills: Schema.Finite
})

const Owned = Schema.Struct({ accounts: Schema.Array(Account), fees: Sums, funding: Sums })

export const PortfolioSnapshot = Schema.Struct({
  all: Owned,
  /** By the strategy's name; `""` is nobody's. */
  owners: Schema.Record(Schema.String, Owned)
})
export interface PortfolioSnapshot extends Schema.Schema.Type<typeof PortfolioSnapshot> {}

export interface AllBooks {
  readonly all: Books.Books
  readonly byOwner: ReadonlyMap<string, Books.Books>
}

export const write = ({ all, byOwner }: AllBooks): PortfolioSnapshot => ({
  all: ownedOf(all),
  owners: Object.fromEntries([...byOwner].map(([owner, books]) => [owner, ownedOf(books)]))
})

export const decode: (value: unknown) => Option.Option<PortfolioSnapshot> =
  Schema.decodeUnknownOption(PortfolioSnapshot)

export const read = ({ all, owners }: PortfolioSnapshot): AllBooks => ({
  all: booksOf(all),
  byOwner: new Map(Object.entries(owners).map(([owner, owned]) => [owner, booksOf(owned)]))
})

const ownedOf = ({ accounts, fees, funding }: Books.Books): typeof Owned.Type => ({
  accounts: [...accounts.values()].map(({ fills, holding, instrument, turnover, venue }) => ({
    venue,
    instrument,
    size: Amount.write(holding.size),
    cash: Amount.write(holding.cash),
    entryWorth: Amount.write(holding.entryWorth),
    turnover: Amount.write(turnover),
    fills
  })),
  fees: textsOf(fees),
  funding: textsOf(funding)
})

const booksOf = ({ accounts, fees, funding }: typeof Owned.Type): Books.Books => ({
  accounts: new Map(
    accounts.map(({ cash, entryWorth, fills, instrument, size, turnover, venue }) => [
      Books.keyOf(venue, instrument.symbol),
      {
        venue,
        instrument,
        holding: { size: numberOf(size), cash: numberOf(cash), entryWorth: numberOf(entryWorth) },
        turnover: numberOf(turnover),
        fills
      }
    ])
  ),
  fees: sumsOf(fees),
  funding: sumsOf(funding)
})

const numberOf = BigDecimal.fromStringUnsafe

const textsOf = (sums: Books.Sums): typeof Sums.Type =>
  Object.fromEntries([...sums].map(([asset, sum]) => [asset, Amount.write(sum)]))

const sumsOf = (texts: typeof Sums.Type): Books.Sums =>
  new Map(Object.entries(texts).map(([asset, text]) => [asset, numberOf(text)]))
