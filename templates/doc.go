// Package templates holds the data and the texts that offroot embeds: what is known of base images (images.yaml), how users
// are made in each family of distributions (families.yaml), and what servers from packages write (packages.yaml).
//
// Both tables are decoded strictly: an unknown key, a value outside its set or a pattern that does not compile is an
// error. They are part of the program, so the accessors panic on an error that the tests of this package would have
// shown.
package templates
