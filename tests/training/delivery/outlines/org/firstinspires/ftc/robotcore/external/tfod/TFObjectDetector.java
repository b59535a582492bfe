package org.firstinspires.ftc.robotcore.external.tfod;

import java.util.List;

public interface TFObjectDetector {
    class Parameters {
        public boolean isModelTensorFlow2;
        public int inputSize;
        public float minResultConfidence;
        public int maxNumDetections;

        public Parameters(int tfodMonitorViewIdParent) {
        }
    }

    void loadModelFromFile(String file, String... labels);

    void activate();

    void shutdown();

    List<Recognition> getUpdatedRecognitions();
}
