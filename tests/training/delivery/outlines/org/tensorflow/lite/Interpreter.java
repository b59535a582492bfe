package org.tensorflow.lite;

import java.nio.ByteBuffer;
import java.util.Map;

/** A model for 320 x 320 pixels and 25 rows that finds two cubes, and is sure of one. */
public class Interpreter {
    public static class Options {
        public Options setNumThreads(int count) {
            return this;
        }
    }

    public Interpreter(ByteBuffer model, Options options) {
    }

    public Tensor getInputTensor(int index) {
        return () -> new int[] {1, 320, 320, 3};
    }

    public Tensor getOutputTensor(int index) {
        return () -> new int[] {1, 25, 4};
    }

    public void runSignature(Map<String, Object> inputs, Map<String, Object> outputs) {
        if (((ByteBuffer) inputs.get("image")).capacity() != 320 * 320 * 3 * 4) {
            throw new IllegalArgumentException("image");
        }
        float[][] boxes = ((float[][][]) outputs.get("location"))[0];
        boxes[0] = new float[] {0.25f, 0.5f, 0.75f, 1};
        boxes[1] = new float[] {0, 0, 1, 1};
        float[] classes = ((float[][]) outputs.get("category"))[0];
        float[] scores = ((float[][]) outputs.get("score"))[0];
        classes[0] = classes[1] = 1;
        scores[0] = 0.9f;
        scores[1] = 0.1f;
        ((float[]) outputs.get("number of detections"))[0] = Math.min(2, boxes.length);
    }
}
