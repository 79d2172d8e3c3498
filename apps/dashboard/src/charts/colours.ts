/** The page's colours for what is drawn on a canvas, as they are in the theme that is shown. */
export const colour = (name: string): string => {
  const probe = document.createElement("span")
  probe.style.color = `var(--${name})`
  document.body.append(probe)
  const resolved = getComputedStyle(probe).color
  probe.remove()
  return resolved
}

/** The same colour, see-through: `rgb(1, 2, 3)` becomes `rgba(1, 2, 3, 0.2)`. */
export const faint = (resolved: string, alpha: number): string => {
  const [red, green, blue] = resolved.match(/[\d.]+/g) ?? []
  return `rgba(${red}, ${green}, ${blue}, ${alpha})`
}
