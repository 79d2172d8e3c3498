/** The OpenAPI document as a page to read: plain HTML that is made here, without a script, so that nothing is loaded from anywhere. */
import type * as OpenApi from "effect/http-api/OpenApi"
import { escaped, page } from "./page.ts"

interface Schema {
  readonly $ref?: string
  readonly description?: string
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly schema: Schema
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
}

interface Route {
  readonly tags: ReadonlyArray<string>
  readonly description?: string
  readonly parameters: ReadonlyArray<Parameter>
  readonly requestBody?: Content
  readonly responses: Readonly<Record<string, Content & { readonly description: string }>>
}

interface Placed {
  readonly method: string
  readonly path: string
  readonly route: Route
}

export const docsPage = (document: OpenApi.OpenAPISpec): string => {
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]): Placed => ({ method, path, route: route as unknown as Route }))
  )
  const byGroup = Map.groupBy(routes, ({ route }) => route.tags[0] ?? "")
  const groups = (document.tags ?? []).map(
    ({ description = "", name }) =>
      `<section id="${escaped(name)}"><h2>${escaped(name)}</h2><p>${text(description)}</p>${(byGroup.get(name) ?? []).map(routeOf).join("")}</section>`
  )
  const schemas = Object.entries(document.components?.schemas ?? {}).map(
    ([name, schema]) =>
      `<details id="schema-${escaped(name)}"><summary>${escaped(name)}</summary>${json(schema as Schema)}</details>`
  )
  const links = (document.tags ?? []).map(({ name }) => `<a href="#${escaped(name)}">${escaped(name)}</a>`)
  return page(
    `${document.info.title} API`,
    `<h1>${escaped(document.info.title)} API</h1>
<p>${text(document.info.description ?? "")} The whole of it as <a href="/openapi.json">an OpenAPI document</a>.</p>
<nav>${links.join(" ")} <a href="#schemas">schemas</a></nav>
${groups.join("\n")}
<section id="schemas"><h2>schemas</h2>${schemas.join("")}</section>`
  )
}

const routeOf = ({ method, path, route }: Placed): string => {
  const { description = "", parameters, requestBody, responses } = route
  const rows = parameters.map(
    ({ in: place, name, required, schema }) =>
      `<tr><td><code>${escaped(name)}</code></td><td>${escaped(place)}${required ? ", required" : ""}</td><td>${text(schema.description ?? "")}</td></tr>`
  )
  const answers = Object.entries(responses).map(
    ([status, answer]) => `<dt>${escaped(status)}</dt><dd>${schemaOf(answer) ?? escaped(answer.description)}</dd>`
  )
  const sent = requestBody === undefined ? undefined : schemaOf(requestBody)
  return `<details class="route"><summary><b class="${method}">${method.toUpperCase()}</b> <code>${escaped(path)}</code> ${text(description)}</summary>
${rows.length === 0 ? "" : `<table>${rows.join("")}</table>`}
${sent === undefined ? "" : `<h3>body</h3>${sent}`}
<h3>answers</h3><dl>${answers.join("")}</dl></details>`
}

const schemaOf = ({ content = {} }: Content): string | undefined => {
  const [type, of] = Object.entries(content)[0] ?? []
  return of === undefined
    ? undefined
    : type === "application/json"
      ? json(of.schema)
      : `<code>${escaped(String(type))}</code>`
}

const json = (schema: Schema): string => {
  const reference = /^#\/components\/schemas\/(\w+)$/.exec(schema.$ref ?? "")?.[1]
  return reference === undefined
    ? `<pre>${escaped(JSON.stringify(schema, undefined, 2))}</pre>`
    : `<a href="#schema-${reference}">${reference}</a>`
}

/** With `code` where it is written so. */
const text = (markdown: string): string => escaped(markdown).replaceAll(/`([^`]+)`/g, "<code>$1</code>")
