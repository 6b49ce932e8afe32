import { PbfWriter } from 'pbf';

/** The few element types our graphs use, by their number in the ONNX format. */
export const elementType = { float32: 1, int8: 3, int64: 7, float16: 10 } as const;
export type ElementType = keyof typeof elementType;

export interface Tensor {
	readonly name: string;
	readonly type: ElementType;
	readonly shape: readonly number[];
	readonly bytes: Uint8Array;
}

/** A number is an INT, a list INTS, and `{ float }` a FLOAT. */
export type Attribute = number | readonly number[] | { readonly float: number };

export interface Node {
	readonly type: string;
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A name in a shape is a size known only at run time. */
export interface Port {
	readonly name: string;
	readonly type: ElementType;
	readonly shape: readonly (number | string)[];
}

export interface Graph {
	readonly name: string;
	readonly inputs: readonly Port[];
	readonly outputs: readonly Port[];
	readonly tensors: readonly Tensor[];
	readonly nodes: readonly Node[];
}

/** An ONNX file (IR 8, opset 17). Field numbers are those of onnx.proto. */
export const writeOnnx = (graph: Graph, producer: string): Uint8Array => {
	const pbf = new PbfWriter();
	pbf.writeVarintField(1, 8);
	pbf.writeStringField(2, producer);
	pbf.writeMessage(7, writeGraph, graph);
	pbf.writeMessage(8, (version: number, out) => out.writeVarintField(2, version), 17);
	return pbf.finish();
};

const writeGraph = (graph: Graph, pbf: PbfWriter): void => {
	for (const node of graph.nodes) pbf.writeMessage(1, writeNode, node);
	pbf.writeStringField(2, graph.name);
	for (const tensor of graph.tensors) pbf.writeMessage(5, writeTensor, tensor);
	for (const port of graph.inputs) pbf.writeMessage(11, writePort, port);
	for (const port of graph.outputs) pbf.writeMessage(12, writePort, port);
};

const writeNode = (node: Node, pbf: PbfWriter): void => {
	for (const input of node.inputs) pbf.writeStringField(1, input);
	for (const output of node.outputs) pbf.writeStringField(2, output);
	pbf.writeStringField(3, node.outputs[0] ?? node.type);
	pbf.writeStringField(4, node.type);
	for (const entry of Object.entries(node.attributes)) pbf.writeMessage(5, writeAttribute, entry);
};

const writeAttribute = ([name, value]: [string, Attribute], pbf: PbfWriter): void => {
	pbf.writeStringField(1, name);
	if (typeof value === 'number') {
		pbf.writeVarintField(3, value);
		pbf.writeVarintField(20, 2);
	} else if ('float' in value) {
		pbf.writeFloatField(2, value.float);
		pbf.writeVarintField(20, 1);
	} else {
		for (const item of value) pbf.writeVarintField(8, item);
		pbf.writeVarintField(20, 7);
	}
};

const writeTensor = (tensor: Tensor, pbf: PbfWriter): void => {
	for (const size of tensor.shape) pbf.writeVarintField(1, size);
	pbf.writeVarintField(2, elementType[tensor.type]);
	pbf.writeStringField(8, tensor.name);
	pbf.writeBytesField(9, tensor.bytes);
};

const writePort = (port: Port, pbf: PbfWriter): void => {
	pbf.writeStringField(1, port.name);
	pbf.writeMessage(2, writePortType, port);
};

const writePortType = (port: Port, pbf: PbfWriter): void =>
	pbf.writeMessage(
		1,
		(_: Port, type) => {
			type.writeVarintField(1, elementType[port.type]);
			type.writeMessage(2, writeShape, port.shape);
		},
		port
	);

const writeShape = (shape: readonly (number | string)[], pbf: PbfWriter): void => {
	for (const size of shape) pbf.writeMessage(1, writeSize, size);
};

const writeSize = (size: number | string, pbf: PbfWriter): void => {
	if (typeof size === 'number') pbf.writeVarintField(1, size);
	else pbf.writeStringField(2, size);
};
