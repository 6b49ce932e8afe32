/** Held by the db worker from before it touches OPFS until it ends: one tab owns a notebook. */
export const notebookLockName = (notebook: string): string => `notes-db-v1:${notebook}`;
