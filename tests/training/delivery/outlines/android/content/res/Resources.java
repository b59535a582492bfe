package android.content.res;

public abstract class Resources {
    public abstract int getIdentifier(String name, String kind, String packageName);
}
