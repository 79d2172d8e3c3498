/**
 * Everything the venue sends, as schemas. They are the reference of the decoder and the reader of REST answers; nothing
 * on the hot path uses them.
 */
export * from "./wire/account.ts"
export * from "./wire/control.ts"
export * from "./wire/rest.ts"
export * from "./wire/topics.ts"
