/** A plain page of ours: what it says, with the one style that they share. */

export const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="/docs/style.css">
<main>
${body}
</main>
</html>
`

export const style = `:root { font: 16px/1.5 system-ui, sans-serif; color: CanvasText; background: Canvas }
main { max-width: 60rem; margin: 0 auto; padding: 1rem }
h1, h2 { line-height: 1.2 }
h2 { margin-top: 2.5rem; border-bottom: 1px solid GrayText }
h3 { margin: .75rem 0 .25rem; font-size: 1rem }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem }
code, pre { font: .9em/1.45 ui-monospace, monospace }
pre { overflow: auto; max-height: 24rem; padding: .5rem; border: 1px solid GrayText }
details { padding: .35rem 0 }
summary { cursor: pointer }
summary b { display: inline-block; min-width: 3.5rem }
table { border-collapse: collapse }
td { padding: .15rem 1rem .15rem 0; vertical-align: top }
dl { display: grid; grid-template-columns: 3rem 1fr; margin: 0 }
dd { margin: 0; min-width: 0 }
`

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }

export const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => entities[character]!)
