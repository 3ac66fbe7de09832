// Package dockerfile reads Dockerfiles into stages and instructions that know their own bytes, and turns intents ("set
// --chown=1000:1000 on this COPY") into edits of these bytes.
//
// BuildKit's parser decides what an instruction is and which lines it takes; it gives no columns and joins continued lines.
// The columns are therefore found by joining the lines once more with a record of where each byte came from, and a file
// where this does not give the parser's own text is refused.
package dockerfile
