/**
 * The page as files: everything below `/ui/`, which is where the runner serves it. Nothing is inlined, because the runner's content
 * security policy allows neither scripts nor styles in the page, nor `data:` addresses.
 */
import { defineConfig } from "vite"

/** `TIDEWIRE_DASHBOARD_OUT`: into another folder than `dist`. `TIDEWIRE_API`: where `vite` alone sends the API's requests. */
const { TIDEWIRE_API: api = "http://127.0.0.1:8080", TIDEWIRE_DASHBOARD_OUT: outDir = "dist" } = process.env

export default defineConfig({
  base: "/ui/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { outDir, emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { "/api": { target: api, ws: true }, "/health": api } }
})
