/**
 * The venue's spelling of a symbol where it is not that of its instruments: in the names of topics, for instance.
 *
 * Not looked up yet: whether there is a difference.
 * Source: docs/venues/newvenue.md, "Symbols".
 */
export const spell = (symbol: string): string => symbol
