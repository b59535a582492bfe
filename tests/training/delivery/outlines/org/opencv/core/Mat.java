package org.opencv.core;

public class Mat {
    private final int rows;
    private final int cols;

    public Mat() {
        this(0, 0);
    }

    public Mat(int rows, int cols) {
        this.rows = rows;
        this.cols = cols;
    }

    public int rows() {
        return rows;
    }

    public int cols() {
        return cols;
    }

    public void convertTo(Mat target, int kind, double scale, double offset) {
    }

    public int get(int row, int col, float[] values) {
        return 0;
    }
}
