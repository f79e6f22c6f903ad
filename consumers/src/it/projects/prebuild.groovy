// The example of the README as it stands there; the imports, which it leaves out, are those of host-app's. A test, since
// it needs the tasks module too, and the list in runtime.txt is that of projects alone.
def example = (new File(root, 'README.md').text =~ /(?s)```java\n(.*?)```/)[0][1]
def embedding = new File(root, 'host-app/src/main/java/dev/plinth/host/Embedding.java')
def imports = embedding.readLines().findAll { it.startsWith('import ') }.join('\n')
def source = new File(basedir, 'src/test/java/consumer/Example.java')
source.parentFile.mkdirs()
source.text = """package consumer;

${imports}

final class Example {

  static Plinth embed(DataSource pool) {
${example}
    return plinth;
  }
}
"""
return true
