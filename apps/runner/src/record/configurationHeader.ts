/**
 * A configuration as it stands in a recording: what makes the same run again, without anything secret. Endpoints are
 * resolved, because the environment of a replay is another one; credentials, proxies and worker threads are left out.
 */
import type * as AdapterModule from "../venues/VenueSetup.ts"
import { isRecord } from "../configuration/valueAt.ts"
import { maskedUrl } from "./maskedUrl.ts"

type Setup = Pick<AdapterModule.VenueSetup, "origin" | "settings" | "adapter">

/** `written` is the configuration as the user has it; its engine is kept where it runs. */
export const configurationHeader = (written: unknown, setups: ReadonlyArray<Setup>, hasEngine: boolean): unknown => {
  const engine = isRecord(written) && isRecord(written["engine"]) ? written["engine"] : undefined
  const { journal: _, ...kept } = engine ?? {}
  return { venues: setups.map(venueHeader), ...(hasEngine && engine !== undefined && { engine: kept }) }
}

const venueHeader = ({ adapter, origin, settings }: Setup): unknown => {
  const entry = isRecord(origin.entry) ? origin.entry : {}
  const { endpoints: _endpoints, options, proxy: _proxy, workers: _workers, ...kept } = entry
  const secrets = new Set(adapter.secrets ?? [])
  const open = isRecord(options) ? Object.entries(options).filter(([name]) => !secrets.has(name)) : []
  const endpoints = Object.entries(settings.endpoints).map(([name, url]) => [name, maskedUrl(String(url))])
  return {
    ...kept,
    ...(endpoints.length > 0 && { endpoints: Object.fromEntries(endpoints) as unknown }),
    ...(open.length > 0 && { options: Object.fromEntries(open) as unknown })
  }
}
