package android.graphics;

public abstract class Canvas {
    public abstract void drawRect(float left, float top, float right, float bottom, Paint paint);

    public abstract void drawText(String text, float x, float y, Paint paint);
}
