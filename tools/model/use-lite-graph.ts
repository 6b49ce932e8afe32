import { createGraphBuilder, type GraphBuilder } from './graph-builder';
import type { Graph } from './onnx';
import type { SourceModel } from './source-weights';
import type { Dtype } from './weight-encoding';

export const maxTokens = 128;
export const dimensions = 512;
const heads = 4;
const pieces = 8002;
const innerWidth = 1536;

interface Layer {
	readonly index: 0 | 1;
	readonly width: number;
}
const layers: readonly Layer[] = [
	{ index: 0, width: 256 },
	{ index: 1, width: dimensions }
];

/** The network as BUILT-IN-MODEL.md describes it: token ids and mask in, one unit vector out. */
export const useLiteGraph = (source: SourceModel, dtype: Dtype): Graph => {
	const graph = createGraphBuilder(dtype);
	const mask = graph.op('Cast', ['attention_mask'], { to: 1 });
	const columnMask = graph.op('Unsqueeze', [mask, graph.ints([2])]);
	const attentionBias = biasOfPadding(graph, mask);
	let x = embed(graph, source, columnMask);
	for (const layer of layers) x = transformerLayer(graph, source, layer, x, attentionBias);
	const vector = head(graph, source, x, columnMask);
	// The builder names results itself; the outside knows this one by name.
	const named = graph.op('Identity', [vector]);
	const finished = graph.finish(
		'use-lite',
		['input_ids', 'attention_mask'].map((name) => ({
			name,
			type: 'int64',
			shape: ['batch', 'length']
		})),
		[{ name: 'sentence_embedding', type: 'float32', shape: ['batch', dimensions] }]
	);
	return renameOutput(finished, named, 'sentence_embedding');
};

const renameOutput = (graph: Graph, from: string, to: string): Graph => ({
	...graph,
	nodes: graph.nodes.map((node) => (node.outputs[0] === from ? { ...node, outputs: [to] } : node))
});

// 0 where a token is, -1e9 where padding is, as [batch, 1, 1, length].
const biasOfPadding = (graph: GraphBuilder, mask: string): string => {
	const padding = graph.op('Sub', [graph.floats([1], [1]), mask]);
	const bias = graph.op('Mul', [padding, graph.floats([-1e9], [1])]);
	return graph.op('Unsqueeze', [bias, graph.ints([1, 2])]);
};

// e + (e + timing): the embedding counts twice. Padding rows are zero.
const embed = (graph: GraphBuilder, source: SourceModel, columnMask: string): string => {
	const table = graph.weight(source.tensor('module/Embeddings_en'), [pieces, 256], 0);
	const twice = graph.op('Mul', [
		graph.op('Gather', [table, 'input_ids'], { axis: 0 }),
		graph.floats([2], [1])
	]);
	const length = graph.op('Slice', [
		graph.op('Shape', ['input_ids']),
		graph.ints([1]),
		graph.ints([2])
	]);
	const timing = graph.op('Slice', [
		graph.floats(timingSignal(source), [maxTokens, 256]),
		graph.ints([0]),
		length,
		graph.ints([0])
	]);
	return graph.op('Mul', [graph.op('Add', [twice, timing]), columnMask]);
};

const timingSignal = (source: SourceModel): Float32Array => {
	const scales = source.tensor('AddTimingSignal/TimingSignal/ExpandDims_1');
	const signal = new Float32Array(maxTokens * 256);
	for (let position = 0; position < maxTokens; position += 1) {
		scales.forEach((scale, i) => {
			signal[position * 256 + i] = Math.sin(position * scale);
			signal[position * 256 + 128 + i] = Math.cos(position * scale);
		});
	}
	return signal;
};

const transformerLayer = (
	graph: GraphBuilder,
	source: SourceModel,
	layer: Layer,
	x: string,
	attentionBias: string
): string => {
	const prefix = `Encode/Layer_${layer.index}/TransformerLayer`;
	const normed = layerNorm(graph, source, `${prefix}/layer_prepostprocess`, layer.width, x);
	const attended = attention(graph, source, layer, normed, attentionBias);
	const residual =
		layer.width === dimensions
			? x
			: linear(graph, x, source.tensor(`${prefix}/dense/kernel/ConcatPartitions/concat`), [
					layer.width,
					source.tensor(`${prefix}/dense/bias/ConcatPartitions/concat`)
				]);
	const y = graph.op('Add', [residual, attended]);
	return graph.op('Add', [y, feedForward(graph, source, layer, y)]);
};

const attention = (
	graph: GraphBuilder,
	source: SourceModel,
	{ index, width }: Layer,
	x: string,
	attentionBias: string
): string => {
	const at = `Encode/Layer_${index}/TransformerLayer/MultiheadAttention`;
	const { kernel, bias } = scaledQuery(source, at, width);
	const qkv = linear(graph, x, kernel, [width, bias]);
	const [q = '', k = '', v = ''] = graph.split('Split', [qkv], 3, 2);
	const toHeads = (value: string, perm: number[]): string =>
		graph.op(
			'Transpose',
			[graph.op('Reshape', [value, graph.ints([0, 0, heads, width / heads])])],
			{
				perm
			}
		);
	const scores = graph.op('MatMul', [toHeads(q, [0, 2, 1, 3]), toHeads(k, [0, 2, 3, 1])]);
	const weights = graph.op('Softmax', [graph.op('Add', [scores, attentionBias])], { axis: -1 });
	const mixed = graph.op('MatMul', [weights, toHeads(v, [0, 2, 1, 3])]);
	const joined = graph.op('Reshape', [
		graph.op('Transpose', [mixed], { perm: [0, 2, 1, 3] }),
		graph.ints([0, 0, width])
	]);
	return linear(
		graph,
		joined,
		source.tensor(`${partsPrefix(at)}/output_transform_single/kernel/part_0`),
		[width, source.tensor(`${at}/output_transform_single/bias/ConcatPartitions/concat`)]
	);
};

// Kernels are stored before partitions are joined, under another root.
const partsPrefix = (at: string): string => `module/Encoder_en/KonaTransformer/${at}`;

// 1/sqrt(width of a head) goes into the query columns once, not into every run.
const scaledQuery = (
	source: SourceModel,
	at: string,
	width: number
): { kernel: Float32Array; bias: Float32Array } => {
	const factor = 1 / Math.sqrt(width / heads);
	const scale = (value: number, index: number): number =>
		index % (3 * width) < width ? value * factor : value;
	return {
		kernel: source.tensor(`${partsPrefix(at)}/qkv_transform_single/kernel/part_0`).map(scale),
		bias: source.tensor(`${at}/qkv_transform_single/bias/ConcatPartitions/concat`).map(scale)
	};
};

const feedForward = (
	graph: GraphBuilder,
	source: SourceModel,
	{ index }: Layer,
	x: string
): string => {
	const biases = `Encode/Layer_${index}/TransformerLayer/FFN`;
	const kernels = `TransformerStack/Layer_${index}/TransformerLayer/FFN`;
	const normed = layerNorm(graph, source, `${biases}/layer_prepostprocess`, dimensions, x);
	const inner = linear(graph, normed, source.tensor(`${kernels}/conv1/Tensordot/Reshape_1`), [
		dimensions,
		source.tensor(`${biases}/conv1/bias/ConcatPartitions/concat`)
	]);
	return linear(
		graph,
		graph.op('Relu', [inner]),
		source.tensor(`${kernels}/conv2/Tensordot/Reshape_1`),
		[innerWidth, source.tensor(`${biases}/conv2/bias/ConcatPartitions/concat`)]
	);
};

const layerNorm = (
	graph: GraphBuilder,
	source: SourceModel,
	at: string,
	width: number,
	x: string
): string =>
	graph.op(
		'LayerNormalization',
		[
			x,
			...['scale', 'bias'].map((part) =>
				graph.floats(source.tensor(`${at}/layer_norm/layer_norm_${part}/ConcatPartitions/concat`), [
					width
				])
			)
		],
		{ axis: -1, epsilon: { float: 1e-6 } }
	);

const linear = (
	graph: GraphBuilder,
	x: string,
	kernel: Float32Array,
	[rows, bias]: readonly [number, Float32Array]
): string =>
	graph.op('Add', [
		graph.op('MatMul', [x, graph.weight(kernel, [rows, bias.length], 1)]),
		graph.floats(bias, [bias.length])
	]);

// Mean over the real positions, a tanh layer, length 1.
const head = (graph: GraphBuilder, source: SourceModel, x: string, columnMask: string): string => {
	const axis = graph.ints([1]);
	const sum = graph.op('ReduceSum', [graph.op('Mul', [x, columnMask]), axis], { keepdims: 0 });
	const mean = graph.op('Div', [sum, graph.op('ReduceSum', [columnMask, axis], { keepdims: 0 })]);
	const at = 'module/Encoder_en/hidden_layers/tanh_layer_0';
	const hidden = linear(graph, mean, source.tensor(`${at}/weights`), [
		dimensions,
		source.tensor(`${at}/bias`)
	]);
	return graph.op('LpNormalization', [graph.op('Tanh', [hidden])], { axis: -1, p: 2 });
};
