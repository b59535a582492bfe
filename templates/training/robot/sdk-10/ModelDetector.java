package org.firstinspires.ftc.teamcode;

import android.content.Context;
import android.graphics.Canvas;
import android.graphics.Color;
import android.graphics.Paint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.firstinspires.ftc.robotcore.internal.camera.calibration.CameraCalibration;
import org.firstinspires.ftc.vision.VisionProcessor;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;
import org.tensorflow.lite.Interpreter;

/** Finds objects in each frame of the camera, with LiteRT. For FTC SDK 10 to 12. */
public class ModelDetector implements VisionProcessor {

    private static final String MODEL_FILE = {{ java_model_file }};

    // In the order of the model. Change neither the order nor the spelling.
    private static final String[] LABELS = {
{% for label in java_labels %}        {{ label }},
{% endfor %}    };

    // How sure the model must be, from 0 to 1. Lower finds more, and more that is not there.
    private static final float MINIMUM_CONFIDENCE = {{ threshold }}f;

    /** One object: its box is in pixels of the camera's frame. */
    public static class Detection {
        public final String label;
        public final float score;
        public final float left;
        public final float top;
        public final float right;
        public final float bottom;

        Detection(String label, float score, float left, float top, float right, float bottom) {
            this.label = label;
            this.score = score;
            this.left = left;
            this.top = top;
            this.right = right;
            this.bottom = bottom;
        }
    }

    private final Interpreter interpreter;
    private final int size;
    private final int rows;
    private final float[] pixels;
    private final ByteBuffer image;
    private final Mat rgb = new Mat();
    private final Mat small = new Mat();
    private final Mat scaled = new Mat();
    private final Paint boxPaint = new Paint();
    private final Paint textPaint = new Paint();
    private volatile List<Detection> detections = Collections.emptyList();

    /** Reads the model from the app's assets. `context` is hardwareMap.appContext. */
    public ModelDetector(Context context) {
        // Two of the Control Hub's four cores; the others stay free for the robot.
        interpreter = new Interpreter(read(context, MODEL_FILE), new Interpreter.Options().setNumThreads(2));
        size = interpreter.getInputTensor(0).shape()[1];
        // How many objects the model can give at most.
        rows = interpreter.getOutputTensor(0).shape()[1];
        pixels = new float[size * size * 3];
        image = ByteBuffer.allocateDirect(pixels.length * 4).order(ByteOrder.nativeOrder());
        boxPaint.setColor(Color.GREEN);
        boxPaint.setStyle(Paint.Style.STROKE);
        textPaint.setColor(Color.GREEN);
    }

    /** What was found in the newest frame, the surest first. */
    public List<Detection> getDetections() {
        return detections;
    }

    @Override
    public void init(int width, int height, CameraCalibration calibration) {
    }

    @Override
    public Object processFrame(Mat frame, long captureTimeNanos) {
        fillImage(frame);

        float[][][] boxes = new float[1][rows][4];
        float[][] classes = new float[1][rows];
        float[][] scores = new float[1][rows];
        float[] count = new float[1];
        Map<String, Object> inputs = new HashMap<>();
        inputs.put("image", image);
        Map<String, Object> outputs = new HashMap<>();
        outputs.put("location", boxes);
        outputs.put("category", classes);
        outputs.put("score", scores);
        outputs.put("number of detections", count);
        interpreter.runSignature(inputs, outputs);

        List<Detection> found = new ArrayList<>();
        for (int row = 0; row < (int) count[0]; row++) {
            if (scores[0][row] >= MINIMUM_CONFIDENCE) {
                // Each box is top, left, bottom, right, as fractions of the frame's height and width.
                float[] box = boxes[0][row];
                found.add(new Detection(LABELS[(int) classes[0][row]], scores[0][row],
                        box[1] * frame.cols(), box[0] * frame.rows(),
                        box[3] * frame.cols(), box[2] * frame.rows()));
            }
        }
        detections = found;
        return found;
    }

    /** Makes of the frame (red, green, blue, alpha) what the model takes: red, green, blue, each from -1 to 1. */
    private void fillImage(Mat frame) {
        Imgproc.cvtColor(frame, rgb, Imgproc.COLOR_RGBA2RGB);
        Imgproc.resize(rgb, small, new Size(size, size), 0, 0, Imgproc.INTER_AREA);
        small.convertTo(scaled, CvType.CV_32FC3, 1 / 127.5, -1);
        scaled.get(0, 0, pixels);
        image.rewind();
        image.asFloatBuffer().put(pixels);
    }

    @Override
    public void onDrawFrame(Canvas canvas, int onscreenWidth, int onscreenHeight,
                            float scaleBmpPxToCanvasPx, float scaleCanvasDensity, Object userContext) {
        boxPaint.setStrokeWidth(3 * scaleCanvasDensity);
        textPaint.setTextSize(16 * scaleCanvasDensity);
        for (Detection found : detections) {
            float left = found.left * scaleBmpPxToCanvasPx;
            float top = found.top * scaleBmpPxToCanvasPx;
            canvas.drawRect(left, top, found.right * scaleBmpPxToCanvasPx, found.bottom * scaleBmpPxToCanvasPx,
                    boxPaint);
            canvas.drawText(String.format("%s %.2f", found.label, found.score), left,
                    Math.max(top, textPaint.getTextSize()), textPaint);
        }
    }

    private static ByteBuffer read(Context context, String name) {
        try (InputStream stream = context.getAssets().open(name)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] piece = new byte[65536];
            for (int count = stream.read(piece); count > 0; count = stream.read(piece)) {
                bytes.write(piece, 0, count);
            }
            ByteBuffer model = ByteBuffer.allocateDirect(bytes.size()).order(ByteOrder.nativeOrder());
            model.put(bytes.toByteArray());
            model.rewind();
            return model;
        } catch (IOException problem) {
            throw new IllegalStateException("TeamCode/src/main/assets holds no " + name, problem);
        }
    }
}
