/** Every card as markdown, group by group: what docs/conformance.md holds. */
import { type Group, groupOf, groups } from "./Card.ts"
import { cards } from "./cards.ts"

export const list = (): string =>
  (Object.keys(groups) as ReadonlyArray<Group>)
    .map((group) => [`## ${titleOf(group)}`, "", ...ofGroup(group)].join("\n"))
    .join("\n\n")

const titleOf = (group: Group): string => `${group[0]!.toUpperCase()}${group.slice(1)} (${groups[group]})`

const ofGroup = (group: Group): ReadonlyArray<string> => {
  const own = cards.filter((card) => groupOf(card) === group)
  return own.map(({ action, id, pass, prerequisite, title }) =>
    [`- **${id}** ${title}.`, `  - Needs: ${prerequisite}.`, `  - Does: ${action}.`, `  - Passes when: ${pass}.`].join(
      "\n"
    )
  )
}
