/**
 * Tells a worker that a batch was taken, a turn of the event loop later: a port is read for as long as messages come on it,
 * and a worker that had its answer at once would have the next batch there in time, again and again.
 *
 * Guarantees: between two batches of one worker that it was not allowed before the first, timers, sockets and the other
 * workers have their turn.
 */
export const send = (post: () => void): void => void setImmediate(post)
