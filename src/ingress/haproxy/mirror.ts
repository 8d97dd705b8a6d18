import type { Line } from './configuration.ts'

/** The program that copies requests, beside the configuration. */
export const mirrorProgramFile = 'mirror.lua'

/** Names, in the environment of the process, the abstract socket at which its copies come back to it. */
export const mirrorVariable = 'K8TS_MIRROR'

/** Says which backend a copy is for, on its way within the process. */
const header = 'x-k8ts-mirror'

/** Copies under way at most; what comes meanwhile is not copied. */
const mostAtOnce = 1000

/**
 * Sends a request once more, to the frontend for copies, and forgets the answer. The program that the engine knows can't
 * send what it does not hold: a body that is longer than its buffer (16 KiB, with the headers) is not copied.
 */
export const mirrorProgram: string = `
local address = "abns@" .. os.getenv("${mirrorVariable}")
local own = { ["content-length"] = 1, ["transfer-encoding"] = 1, ["connection"] = 1, ["upgrade"] = 1, ["expect"] = 1, ["${header}"] = 1 }
local pending = 0

local function send(request)
  local socket = core.tcp()
  socket:settimeout(30)
  if socket:connect(address) and socket:send(request) then
    while socket:receive(4096) do end
  end
  socket:close()
end

core.register_action("mirror", { "http-req" }, function(txn, backend)
  local body = txn.f:req_body() or ""
  if pending >= ${mostAtOnce} or (txn.f:req_body_size() or 0) > #body then return end
  local lines = { txn.f:method() .. " " .. txn.f:pathq() .. " HTTP/1.1" }
  for name, values in pairs(txn.http:req_get_headers()) do
    if not own[name] then
      for i = 0, #values do lines[#lines + 1] = name .. ": " .. values[i] end
    end
  end
  lines[#lines + 1] = "${header}: " .. backend
  if #body > 0 then lines[#lines + 1] = "content-length: " .. #body end
  lines[#lines + 1] = "connection: close"
  local request = table.concat(lines, "\\r\\n") .. "\\r\\n\\r\\n" .. body
  pending = pending + 1
  core.register_task(function()
    pcall(send, request)
    pending = pending - 1
  end)
end, 1)
`

/** Where copies come in; each knows its backend. */
export const mirrorFrontend: readonly Line[] = [
  'frontend mirror',
  `bind "abns@\${${mirrorVariable}}"`,
  'timeout client 60s',
  `http-request set-var(txn.r) req.fhdr(${header})`,
  `http-request del-header ${header}`,
  'use_backend %[var(txn.r)]',
  'default_backend none',
].map((text) => ({ text }))

/** What a backend says to have so many of its requests copied to another. The body has to be there before. */
export const mirrorLines = (backend: string, numerator: number, denominator: number): readonly string[] => [
  'http-request wait-for-body time 60s unless { method GET HEAD }',
  `http-request lua.mirror ${backend}${numerator === denominator ? '' : ` if { rand(${denominator}) lt ${numerator} }`}`,
]
