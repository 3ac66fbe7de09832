package rule

// kicsQueries are the ids of queries of kics. People know a query by its name; notes in files have the id.
var kicsQueries = map[string]string{
	"Missing User Instruction":            "fd54f200-402c-4333-a5a4-36ef6709af2f",
	"Last User Is 'root'":                 "67fd0c4a-68cf-46d7-8c41-bc9fba7e40ae",
	"Container Running As Root":           "cf34805e-3872-4c08-bf92-6ff7bb0cfadb",
	"Container Is Privileged":             "dd29336b-fe57-445b-a26e-e6aa867ae609",
	"Privilege Escalation Allowed":        "5572cc5e-1e4c-4113-92a6-7a8a3bd25e6d",
	"No Drop Capabilities for Containers": "268ca686-7fb7-4ae9-b129-955a2a89064e",
	"Seccomp Profile Is Not Configured":   "f377b83e-bd07-4f48-a591-60c82b14a78b",
	"Docker Socket Mounted In Container":  "d6355c88-1e8d-49e9-b2f2-f8a1ca12c75b",
	"Volume Has Sensitive Host Directory": "1c1325ff-831d-43a1-973e-839ae57dfcc0",
}
