package org.opencv.imgproc;

import org.opencv.core.Mat;
import org.opencv.core.Size;

public class Imgproc {
    public static final int COLOR_RGBA2RGB = 1;
    public static final int INTER_AREA = 3;

    public static void cvtColor(Mat source, Mat target, int code) {
    }

    public static void resize(Mat source, Mat target, Size size, double fx, double fy, int interpolation) {
    }
}
