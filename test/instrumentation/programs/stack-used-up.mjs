// Logs at the bottom of a recursion that doesn't end: some of these calls have no stack left, here or there.
function dive(depth) {
  try {
    return dive(depth + 1)
  } catch (error) {
    try {
      console.log('at the bottom')
    } catch {
      // Neither has the console.
    }
    throw error
  }
}
try {
  dive(0)
} catch {
  console.log('caught')
}
setTimeout(() => console.log('later'), 10)
