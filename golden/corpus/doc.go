// Package corpus runs offroot on real repositories, and checks of each what must hold whatever is in it: offroot does not
// crash, git applies the diff and makes the bytes that --write makes, a second run changes nothing, every changed file still
// parses, and no fewer pods are restricted and known to start than before. OFFROOT_CORPUS names a directory that holds
// repositories, one a directory, with or without their .git; they are copied and never changed. Without it the test skips.
package corpus
