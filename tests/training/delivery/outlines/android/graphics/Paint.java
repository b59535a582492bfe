package android.graphics;

public class Paint {
    public enum Style { STROKE }

    public void setColor(int color) {
    }

    public void setStyle(Style style) {
    }

    public void setStrokeWidth(float width) {
    }

    public void setTextSize(float size) {
    }

    public float getTextSize() {
        return 1;
    }
}
