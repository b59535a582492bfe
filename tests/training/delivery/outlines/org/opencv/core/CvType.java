package org.opencv.core;

public class CvType {
    public static final int CV_32FC3 = 21;
}
