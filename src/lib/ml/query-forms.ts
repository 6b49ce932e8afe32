/** Which ways of writing a query a model is asked with. */
export type QueryForms = 'as-typed' | 'sentences';

/**
 * A model that hears capitals and full stops answers differently to the same words: asked as typed, as
 * a statement and as a question, the mean is less at the mercy of how somebody typed it.
 */
export const queryForms = (forms: QueryForms, query: string): readonly string[] => {
	const bare = query.trim().replace(/[.?!…]+$/u, '');
	if (forms === 'as-typed' || bare === '') return [query];
	const [first = ''] = bare;
	const sentence = first.toUpperCase() + bare.slice(first.length);
	return [query, `${sentence}.`, `${sentence}?`];
};
