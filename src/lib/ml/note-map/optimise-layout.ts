import type { FuzzyGraph } from './fuzzy-graph';
import type { RandomNumbers } from '$lib/shared/seeded-numbers';

/** The curve of UMAP for a least distance of 0.1 and a spread of 1. */
const a = 1.577;
const b = 0.8951;
const negativesPerEdge = 5;
const longestStep = 4;

/**
 * Moves the points of the plane until neighbours of the graph lie together and others apart (stochastic
 * gradient descent as in UMAP). The same for the same start and random numbers.
 */
export const optimiseLayout = (
	points: Float32Array,
	graph: FuzzyGraph,
	epochs: number,
	random: RandomNumbers,
	onEpoch: (done: number) => void
): void => {
	const { heads, tails, weights } = graph;
	const heaviest = weights.reduce((most, weight) => Math.max(most, weight), 0);
	const due = new Float64Array(weights.length);
	const rows = points.length / 2;
	for (let epoch = 0; epoch < epochs; epoch += 1) {
		const rate = 1 - epoch / epochs;
		for (let edge = 0; edge < weights.length; edge += 1) {
			// A light edge pulls in fewer of the epochs.
			due[edge] = (due[edge] as number) + (weights[edge] as number) / heaviest;
			if ((due[edge] as number) < 1) continue;
			due[edge] = (due[edge] as number) - 1;
			attract(points, heads[edge] as number, tails[edge] as number, rate);
			for (const end of [heads[edge] as number, tails[edge] as number]) {
				for (let i = 0; i < negativesPerEdge; i += 1) {
					repel(points, end, Math.floor(random() * rows), rate);
				}
			}
		}
		onEpoch(epoch + 1);
	}
};

const attract = (points: Float32Array, from: number, to: number, rate: number): void => {
	const x = (points[2 * from] as number) - (points[2 * to] as number);
	const y = (points[2 * from + 1] as number) - (points[2 * to + 1] as number);
	const square = x * x + y * y;
	if (square === 0) return;
	const pull = (-2 * a * b * Math.pow(square, b - 1)) / (1 + a * Math.pow(square, b));
	move(points, from, clip(pull * x) * rate, clip(pull * y) * rate);
	move(points, to, -clip(pull * x) * rate, -clip(pull * y) * rate);
};

const repel = (points: Float32Array, from: number, other: number, rate: number): void => {
	if (from === other) return;
	const x = (points[2 * from] as number) - (points[2 * other] as number);
	const y = (points[2 * from + 1] as number) - (points[2 * other + 1] as number);
	const square = x * x + y * y;
	const push = (2 * b) / ((0.001 + square) * (1 + a * Math.pow(square, b)));
	move(points, from, clip(push * x) * rate, clip(push * y) * rate);
};

const move = (points: Float32Array, row: number, x: number, y: number): void => {
	points[2 * row] = (points[2 * row] as number) + x;
	points[2 * row + 1] = (points[2 * row + 1] as number) + y;
};

const clip = (step: number): number => Math.min(Math.max(step, -longestStep), longestStep);
