/** English words that say nothing about what is sought. Other languages: their common words weigh little by themselves. */
export const stopWords: ReadonlySet<string> = new Set(
	`a about above after again all am an and any are as at be because been before being below between
	both but by can could did do does doing don down during each few for from further had has have
	having he her here hers him his how i if in into is it its just ll me more most my no nor not now
	of off on once only or other our out over own re s same she should so some such t than that the
	their them then there these they this those through to too under until up ve very was we were what
	when where which while who whom why will with would you your yours d m o y`.split(/\s+/)
);
