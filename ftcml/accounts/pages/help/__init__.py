"""The pages to read, and the words of the glossary."""
