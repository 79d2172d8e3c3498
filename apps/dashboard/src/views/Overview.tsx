/** How the instance is, at a glance: health, figures, venues, and what has happened lately. */
import { Figures } from "../overview/Figures.tsx"
import { Happenings } from "../overview/Happenings.tsx"
import { Levels } from "../overview/Levels.tsx"
import { Throughput } from "../overview/Throughput.tsx"
import { ConnectionLanes } from "../overview/ConnectionLanes.tsx"
import { Venues } from "../overview/Venues.tsx"

export const Overview = () => (
  <>
    <Levels />
    <Figures />
    <Throughput />
    <Happenings />
    <Venues />
    <ConnectionLanes />
  </>
)
