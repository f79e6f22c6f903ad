// The example of the README as it stands there; the imports, which it leaves out, are those of host-app's.
def example = (new File(root, 'README.md').text =~ /(?s)```java\n(.*?)```/)[0][1]
def embedding = new File(root, 'host-app/src/main/java/dev/plinth/host/Embedding.java')
def imports = embedding.readLines().findAll { it.startsWith('import ') }.join('\n')
def source = new File(basedir, 'src/main/java/consumer/Example.java')
source.parentFile.mkdirs()
source.text = """package consumer;

${imports}

final class Example {

  static Project embed(DataSource pool) {
${example}
    return apollo;
  }
}
"""
return true
