package org.firstinspires.ftc.vision.tfod;

import android.graphics.Canvas;
import java.util.List;
import org.firstinspires.ftc.robotcore.external.tfod.Recognition;
import org.firstinspires.ftc.vision.VisionProcessor;

public abstract class TfodProcessor implements VisionProcessor {
    public abstract void setMinResultConfidence(float minResultConfidence);

    public abstract List<Recognition> getRecognitions();

    public static class Builder {
        public Builder setModelFileName(String name) {
            return this;
        }

        public Builder setModelLabels(String[] labels) {
            return this;
        }

        public Builder setIsModelTensorFlow2(boolean yes) {
            return this;
        }

        public Builder setModelInputSize(int size) {
            return this;
        }

        public Builder setMaxNumRecognitions(int count) {
            return this;
        }

        public TfodProcessor build() {
            return null;
        }
    }
}
