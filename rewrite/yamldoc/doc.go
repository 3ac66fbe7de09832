// Package yamldoc locates every node of a YAML or JSON file to the byte and edits such files without printing them again.
//
// The syntax tree comes from yaml.v3; where a node begins and ends is found by walking the bytes along that tree, because
// the parser knows neither byte offsets nor ends. Ops state intent ("set securityContext.runAsNonRoot"); Lower turns all ops
// of a file into edits at once and refuses what it could only guess. Confirm repeats the ops on decoded data and compares.
package yamldoc
