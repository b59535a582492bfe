package org.opencv.core;

public class Size {
    public Size(double width, double height) {
    }
}
