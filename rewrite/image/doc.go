// Package image knows container images by name: which user an image starts as, which accounts it holds, whether it gives
// up root by itself, what it writes and where its ports stand.
//
// The facts are the embedded table of package templates; nothing is fetched. An image that the table does not know is
// unknown: no fact is guessed from a name. Each fact has a level of certainty, and a rule that wants to be safe asks for
// it with Facts.Trusted.
package image
