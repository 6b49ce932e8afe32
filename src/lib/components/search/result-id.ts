/** Element id of a result: the search box points at it while the focus stays in the box. */
export const resultId = (listId: string, index: number): string => `${listId}-${index}`;
