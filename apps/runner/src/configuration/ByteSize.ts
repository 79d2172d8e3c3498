/** Sizes in a configuration, as people write them (`500MB`, `20 GB`); bytes where they are used. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { parse } from "../commands/byteSize.ts"

const expected = 'a size such as "500MB" or "20GB"'

export const ByteSize: Schema.Codec<number, string> = Schema.String.annotate({ expected }).pipe(
  Schema.decodeTo(
    Schema.Finite,
    SchemaTransformation.transformEffect({
      decode: (text: string, options) => {
        const bytes = parse(text)
        return bytes === undefined
          ? Effect.fail(new SchemaIssue.InvalidValue({ expected }, text, options))
          : Effect.succeed(bytes)
      },
      encode: (bytes: number) => Effect.succeed(String(bytes))
    })
  )
)
