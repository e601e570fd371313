import { config } from "zod";

// The page's policy lets nothing be compiled in it: schemas are to know before the first of them is made.
config({ jitless: true });
void import("./start");
