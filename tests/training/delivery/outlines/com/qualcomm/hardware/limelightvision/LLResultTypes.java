package com.qualcomm.hardware.limelightvision;

public class LLResultTypes {
    public static class DetectorResult {
        private final String name;
        private final double confidence;
        private final double x;
        private final double y;

        public DetectorResult(String name, double confidence, double x, double y) {
            this.name = name;
            this.confidence = confidence;
            this.x = x;
            this.y = y;
        }

        public String getClassName() {
            return name;
        }

        public double getConfidence() {
            return confidence;
        }

        public double getTargetXDegrees() {
            return x;
        }

        public double getTargetYDegrees() {
            return y;
        }
    }
}
