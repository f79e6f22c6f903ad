// What a host gets by naming one module: a new line here is a new dependency of every host.
def expected = new File(basedir, 'runtime.txt').readLines().findAll { it } as TreeSet
def actual = (new File(basedir, 'target/runtime.txt').text =~ /(?m)^\s+([\w.-]+:[\w.-]+):jar:/).collect { it[1] } as TreeSet
assert actual == expected
return true
