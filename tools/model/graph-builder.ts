import type { Attribute, Graph, Node, Port, Tensor } from './onnx';
import { encodeWeight, type Dtype } from './weight-encoding';

/** Grows a graph call by call. Every call answers the name of the value it made. */
export interface GraphBuilder {
	op(type: string, inputs: readonly string[], attributes?: Record<string, Attribute>): string;
	/** Like `op`, for an operator with several results. */
	split(type: string, inputs: readonly string[], count: number, axis: number): string[];
	floats(values: ArrayLike<number>, shape: readonly number[]): string;
	ints(values: readonly number[]): string;
	/** A matrix, stored in the variant's way and read back as float32. One scale per index of `axis`. */
	weight(values: Float32Array, shape: readonly [number, number], axis: 0 | 1): string;
	finish(name: string, inputs: readonly Port[], outputs: readonly Port[]): Graph;
}

export const createGraphBuilder = (dtype: Dtype): GraphBuilder => {
	const nodes: Node[] = [];
	const tensors: Tensor[] = [];
	let count = 0;
	const newName = (prefix: string): string => `${prefix}_${(count += 1)}`;
	const add = (tensor: Omit<Tensor, 'name'>): string => {
		const name = newName('t');
		tensors.push({ name, ...tensor });
		return name;
	};
	const run = (type: string, inputs: readonly string[], outputs: string[], attributes = {}) => {
		nodes.push({ type, inputs, outputs, attributes });
		return outputs;
	};
	const op: GraphBuilder['op'] = (type, inputs, attributes = {}) => {
		const output = newName(type);
		run(type, inputs, [output], attributes);
		return output;
	};
	return {
		op,
		split: (type, inputs, parts, axis) =>
			run(
				type,
				inputs,
				Array.from({ length: parts }, () => newName(type)),
				{ axis }
			),
		floats: (values, shape) =>
			add({ type: 'float32', shape, bytes: toBytes(Float32Array.from(values)) }),
		ints: (values) =>
			add({
				type: 'int64',
				shape: [values.length],
				bytes: toBytes(BigInt64Array.from(values, BigInt))
			}),
		weight: (values, shape, axis) => {
			const { stored, scale } = encodeWeight(dtype, values, shape, axis);
			const name = add({ type: stored.type, shape, bytes: toBytes(stored.values) });
			if (stored.type === 'float32') return name;
			// The session computes Cast and Mul of constants once, when it loads.
			const cast = op('Cast', [name], { to: 1 });
			if (!scale) return cast;
			const scaleShape = axis === 0 ? [shape[0], 1] : [1, shape[1]];
			return op('Mul', [cast, add({ type: 'float32', shape: scaleShape, bytes: toBytes(scale) })]);
		},
		finish: (name, inputs, outputs) => ({ name, inputs, outputs, tensors, nodes })
	};
};

const toBytes = (values: ArrayBufferView): Uint8Array =>
	new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
